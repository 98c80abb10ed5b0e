import type { Place } from "../placement/places.ts";

/** A location of Cloudflare's, and how many people it has around it. */
export interface Location extends Place {
  /** ISO 3166-1. */
  readonly country: string;
  /** Millions, in towns that are nearer to it than to any other. */
  readonly people: number;
}

/**
 * IATA code, country, degrees north and east, millions of people: the 300 locations with most people around them, of the
 * 308 that speed.cloudflare.com/locations had in August 2026. People are those of GeoNames' towns of 1,000 and more
 * (geonames.org, CC BY 4.0), each counted where it is nearest, without mainland China, where Cloudflare's own locations
 * are not. Towns are a weight, not a census: they leave out the villages.
 */
const TABLE = `
  AAE DZ 36.8 7.8 2.3 | ABJ CI 5.3 -3.9 5.7 | ABQ US 35.0 -106.6 5.1 | ACC GH 5.6 -0.2 7.1 | ADB TR 38.3 27.2 8.3
  ADD ET 9.0 38.8 10.8 | ADL AU -34.9 138.5 1.8 | AGR IN 27.2 78.0 13.9 | AKL NZ -37.0 174.8 1.6 | AKX KZ 50.2 57.2 21.2
  ALA KZ 43.4 77.0 3.0 | ALG DZ 36.7 3.2 8.4 | AMD IN 23.1 72.6 9.9 | AMM JO 31.7 36.0 4.5 | AMS NL 52.3 4.8 11.2
  ANC US 61.2 -150.0 0.7 | ARI CL -18.3 -70.3 2.4 | ARN SE 59.7 17.9 4.5 | ARU BR -21.1 -50.4 5.0 | ASK CI 6.9 -5.4 7.1
  ASU PY -25.2 -57.5 7.7 | ATH GR 37.9 23.9 5.8 | ATL US 33.6 -84.4 5.8 | AUS US 30.2 -97.7 2.2 | BAH BH 26.3 50.6 2.5
  BAQ CO 10.9 -74.8 13.4 | BBI IN 20.2 85.8 5.5 | BCN ES 41.3 2.1 11.8 | BDQ IN 22.3 73.2 12.3 | BEG RS 44.8 20.3 8.8
  BEL BR -1.4 -48.5 5.7 | BEY LB 33.8 35.5 12.5 | BGI BB 13.1 -59.5 0.9 | BGR US 44.8 -68.8 1.1 | BGW IQ 33.3 44.2 10.1
  BKK TH 13.7 100.7 11.1 | BLR IN 13.2 77.7 13.3 | BNA US 36.1 -86.7 3.7 | BNE AU -27.4 153.1 5.2 | BOD FR 44.8 -0.7 11.7
  BOG CO 4.7 -74.1 11.7 | BOM IN 19.1 72.9 22.2 | BOS US 42.4 -71.0 10.4 | BRU BE 50.9 4.5 14.4 | BSB BR -15.9 -47.9 3.2
  BSR IQ 30.5 47.7 9.0 | BTS SK 48.2 17.2 3.7 | BUD HU 47.4 19.3 12.1 | BUF US 42.9 -78.7 3.0 | BWN BN 4.9 114.9 5.0
  CAI EG 30.1 31.4 26.9 | CAW BR -21.7 -41.3 1.7 | CBR AU -35.3 149.2 0.7 | CCU IN 22.7 88.4 21.7 | CDG FR 49.0 2.5 19.6
  CEB PH 10.3 124.0 11.8 | CFC BR -26.8 -51.0 0.9 | CGB BR -15.7 -56.1 1.9 | CGK ID -6.1 106.7 27.9 | CGP BD 22.2 91.8 8.4
  CGY PH 8.4 124.6 16.3 | CHC NZ -43.5 172.5 0.7 | CJB IN 11.0 77.0 8.4 | CLE US 41.4 -81.8 3.1 | CLO CO 3.5 -76.4 6.2
  CLT US 35.2 -80.9 5.2 | CMB LK 7.2 79.9 4.2 | CMH US 40.0 -82.9 3.3 | CNF BR -19.6 -44.0 8.8 | CNN IN 11.9 75.5 5.1
  CNX TH 18.8 99.0 10.9 | COK IN 10.2 76.4 8.2 | COR AR -31.3 -64.2 7.3 | CPH DK 55.6 12.7 5.5 | CPT ZA -34.0 18.6 6.2
  CRK PH 15.2 120.6 10.1 | CVG US 39.0 -84.7 4.0 | CWB BR -25.5 -49.2 3.7 | CZL DZ 36.3 6.6 4.9 | DAC BD 23.8 90.4 19.9
  DAD VN 16.0 108.2 2.1 | DAR TZ -6.9 39.2 5.8 | DEL IN 28.6 77.1 31.7 | DEN US 39.9 -104.7 5.0 | DFW US 32.9 -97.0 8.3
  DKR SN 14.7 -17.5 13.9 | DLA CM 4.0 9.7 27.3 | DME RU 55.4 37.9 42.3 | DMM SA 26.5 49.8 2.2 | DOH QA 25.3 51.6 0.8
  DPS ID -8.7 115.2 5.9 | DTW US 42.2 -83.4 6.6 | DUB IE 53.4 -6.3 6.7 | DUR ZA -29.6 31.1 7.2 | DUS DE 51.3 6.8 21.6
  DXB AE 25.3 55.4 9.1 | EBB UG 0.0 32.4 6.6 | EBL IQ 36.2 44.0 9.0 | EVN AM 40.1 44.4 8.0 | EWR US 40.7 -74.2 34.3
  EZE AR -34.8 -58.5 22.6 | FCO IT 41.8 12.3 18.2 | FIH CD -4.4 15.4 13.5 | FLN BR -27.7 -48.6 1.5 | FOR BR -3.8 -38.5 5.4
  FRA DE 50.0 8.5 12.0 | FRU KG 43.1 74.5 11.3 | FSD US 43.6 -96.7 0.8 | FUK JP 33.6 130.5 20.8 | GBE BW -24.6 25.9 1.4
  GDL MX 20.5 -103.3 17.3 | GEO GY 6.5 -58.3 0.6 | GIG BR -22.8 -43.3 13.0 | GND GD 12.0 -61.8 10.6 | GOT SE 57.7 12.3 2.8
  GRU BR -23.4 -46.5 19.9 | GUA GT 14.6 -90.5 13.3 | GUM GU 13.5 144.8 0.9 | GVA CH 46.2 6.1 3.3 | GYD AZ 40.5 50.0 9.2
  GYE EC -2.2 -79.9 7.4 | GYN BR -16.6 -49.2 3.3 | HAM DE 53.6 10.0 12.1 | HAN VN 21.2 105.8 4.4 | HEL FI 60.3 25.0 5.4
  HFA IL 32.8 35.0 2.0 | HKG HK 22.3 113.9 9.6 | HNL US 21.3 -157.9 1.3 | HRE ZW -17.9 31.1 4.7 | HYD IN 17.2 78.4 20.4
  IAD US 38.9 -77.5 8.0 | IAH US 30.0 -95.3 7.7 | ICN KR 37.5 126.5 46.8 | IND US 39.7 -86.3 3.3 | ISB PK 33.6 73.1 20.9
  IST TR 41.3 28.7 36.7 | ISU IQ 35.6 45.3 8.0 | IXC IN 30.7 76.8 9.3 | JAX US 30.5 -81.7 2.6 | JDO BR -7.2 -39.3 9.2
  JED SA 21.7 39.2 13.0 | JHB MY 1.6 103.7 1.6 | JIB DJ 11.5 43.2 9.1 | JNB ZA -26.1 28.3 15.6 | JOG ID -7.8 110.4 8.7
  JOI BR -26.2 -48.8 0.8 | JRG IN 21.9 84.1 6.9 | KBP UA 50.3 30.9 30.5 | KCH MY 1.5 110.3 1.8 | KGL RW -2.0 30.1 8.2
  KHH TW 22.6 120.3 2.7 | KHI PK 24.9 67.2 20.8 | KIN JM 17.9 -76.8 5.6 | KIX JP 34.4 135.2 32.9 | KJA RU 56.2 92.5 11.4
  KNU IN 26.4 80.4 15.8 | KTM NP 27.7 85.4 4.2 | KUL MY 2.7 101.7 18.7 | KWI KW 29.2 48.0 2.4 | LAD AO -8.9 13.2 4.7
  LAS US 36.1 -115.2 2.4 | LAX US 33.9 -118.4 18.3 | LCA CY 34.9 33.6 10.1 | LED RU 59.8 30.3 10.8 | LHE PK 31.5 74.4 27.3
  LHR GB 51.5 -0.5 33.4 | LIM PE -12.0 -77.1 13.5 | LIS PT 38.8 -9.1 27.2 | LJU SI 46.2 14.5 6.2 | LLK AZ 38.7 48.8 17.6
  LLW MW -13.8 33.8 4.8 | LOS NG 6.6 3.3 41.0 | LPB BO -16.5 -68.2 6.4 | LUN ZM -15.3 28.5 6.1 | LUX LU 49.6 6.2 4.3
  LYS FR 45.7 5.1 5.6 | MAA IN 13.0 80.2 10.2 | MAD ES 40.5 -3.6 17.4 | MAN GB 53.4 -2.3 28.9 | MAO BR -3.0 -60.0 3.0
  MBA KE -4.0 39.6 5.3 | MCI US 39.3 -94.7 3.5 | MCT OM 23.6 58.3 3.1 | MDE CO 6.2 -75.4 8.9 | MEL AU -37.7 144.8 5.6
  MEM US 35.0 -90.0 4.1 | MEX MX 19.4 -99.1 52.1 | MIA US 25.8 -80.3 13.2 | MLA MT 35.9 14.5 6.2 | MLG ID -7.9 112.7 8.7
  MNL PH 14.5 121.0 23.2 | MPM MZ -25.9 32.6 3.3 | MRS FR 43.4 5.2 7.5 | MRU MU -20.4 57.7 1.1 | MSP US 44.9 -93.2 5.5
  MSQ BY 53.9 28.0 6.0 | MUC DE 48.4 11.8 10.6 | MXP IT 45.6 8.7 20.0 | NAG IN 21.1 79.0 14.3 | NBO KE -1.3 36.9 6.0
  NJF IQ 32.0 44.4 2.2 | NQN AR -38.9 -68.2 3.9 | NQZ KZ 51.0 71.5 8.2 | NRT JP 35.8 140.4 52.7 | NVT BR -26.9 -48.7 1.0
  OKA JP 26.2 127.6 0.9 | OKC US 35.4 -97.6 4.7 | OMA US 41.3 -95.9 2.3 | ORD US 42.0 -87.9 15.1 | ORF US 36.9 -76.2 1.9
  ORN DZ 35.6 -0.6 15.8 | OSL NO 60.2 11.1 3.2 | OTP RO 44.6 26.1 22.7 | OUA BF 12.4 -1.5 6.9 | PAT IN 25.6 85.1 14.0
  PBH BT 27.4 89.4 6.2 | PDX US 45.6 -122.6 3.8 | PER AU -31.9 116.0 2.6 | PHL US 39.9 -75.2 6.5 | PHX US 33.4 -112.0 9.2
  PIT US 40.5 -80.2 2.6 | PMO IT 38.2 13.1 5.0 | PMW BR -10.3 -48.4 1.1 | PNH KH 11.5 104.8 3.8 | PNQ IN 18.6 73.9 14.5
  POA BR -30.0 -51.2 6.6 | POS TT 10.6 -61.3 4.0 | PRG CZ 50.1 14.3 8.9 | PTY PA 9.1 -79.4 2.0 | QRO MX 20.6 -100.2 11.1
  QWJ BR -22.7 -47.3 3.7 | RAO BR -21.1 -47.8 3.1 | RDU US 35.9 -78.8 3.9 | REC BR -8.1 -34.9 12.2 | RIC US 37.5 -77.3 1.0
  RIX LV 56.9 24.0 2.4 | RUH SA 25.0 46.7 5.5 | RUN RE -20.9 55.5 0.8 | SAN US 32.7 -117.2 7.6 | SAP HN 15.5 -87.9 5.5
  SAT US 29.5 -98.5 12.8 | SCL CL -33.4 -70.8 11.9 | SDQ DO 18.4 -69.7 5.0 | SEA US 47.4 -122.3 5.3 | SFO US 37.6 -122.4 4.3
  SGN VN 10.8 106.7 7.6 | SIN SG 1.4 104.0 6.1 | SJC US 37.4 -121.9 5.6 | SJK BR -23.2 -45.9 2.8 | SJO CR 10.0 -84.2 2.6
  SJP BR -20.8 -49.4 1.5 | SJU PR 18.4 -66.0 2.5 | SKG GR 40.5 23.0 2.8 | SKP MK 42.0 21.6 4.1 | SLC US 40.8 -112.0 3.9
  SMF US 38.7 -121.6 4.4 | SOD BR -23.5 -47.5 2.0 | SOF BG 42.7 23.4 4.8 | SSA BR -12.1 -45.7 1.4 | STI DO 19.4 -70.6 6.7
  STL US 38.7 -90.4 3.6 | STR DE 48.7 9.2 8.9 | SYD AU -33.9 151.2 6.2 | TBS GE 41.7 45.0 17.6 | TGU HN 14.1 -87.2 4.9
  TIA AL 41.4 19.7 6.2 | TLH US 30.4 -84.4 2.3 | TLL EE 59.4 24.8 0.9 | TLV IL 32.0 34.9 6.5 | TNR MG -18.8 47.5 5.1
  TPA US 28.0 -82.5 6.4 | TPE TW 25.1 121.2 11.6 | TUN TN 36.9 10.2 4.6 | TXL DE 52.6 13.3 11.0 | UDI BR -18.9 -48.2 1.9
  UDR IN 24.6 73.9 8.3 | UIO EC -0.1 -78.4 4.2 | ULN MN 47.8 106.8 4.7 | URT TH 9.1 99.1 3.0 | VCP BR -23.0 -47.1 2.3
  VIE AT 48.1 16.6 4.6 | VIX BR -20.3 -40.3 3.9 | VNO LT 54.6 25.3 2.9 | VTE LA 18.0 102.6 2.4 | WAW PL 52.2 21.0 18.0
  WDH NA -22.5 17.5 0.8 | WLG NZ -41.3 174.8 1.0 | WRO PL 51.1 16.9 12.5 | XAP BR -27.1 -52.7 3.7 | XNH IQ 30.9 46.1 1.2
  YHZ CA 44.9 -63.5 1.4 | YUL CA 45.5 -73.7 8.0 | YVR CA 49.2 -123.2 4.2 | YWG CA 49.9 -97.2 1.4 | YXE CA 52.2 -106.7 0.9
  YYC CA 51.1 -114.0 3.1 | YYZ CA 43.7 -79.6 10.1 | ZAG HR 45.7 16.1 3.8 | ZDM PS 32.3 35.0 1.7 | ZRH CH 47.5 8.5 8.1
`;

export const LOCATIONS: readonly Location[] = TABLE.trim()
  .split(/\s*[|\n]\s*/)
  .map((row) => {
    const [name = "", country = "", north, east, people] = row.split(" ");
    return { name, country, at: [Number(north), Number(east)], people: Number(people) };
  });
