/** Regions that an account has to switch on before its keys are known there (AWS, "Enable or disable Regions"). */
const OPT_IN = new Set([
  "af-south-1",
  "ap-east-1",
  "ap-south-2",
  "ap-southeast-3",
  "ap-southeast-4",
  "ap-southeast-5",
  "ca-west-1",
  "eu-central-2",
  "eu-south-1",
  "eu-south-2",
  "il-central-1",
  "me-central-1",
  "me-south-1",
  "mx-central-1",
]);

export const isOptIn = (region: string): boolean => OPT_IN.has(region);
