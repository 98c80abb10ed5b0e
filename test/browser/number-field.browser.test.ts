import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openStage } from "../harness/stage.ts";
import { visit, type Visit } from "../harness/visit.ts";

const stage = openStage();
let person: Visit;
beforeAll(async () => {
  person = await visit(stage.browser, stage.stack);
});
beforeEach(async () => {
  await person.pickRole("Customer");
  await person.page.getByLabel("Country").selectOption("IN");
  await person.page.getByLabel("Mobile number").fill("");
});
afterAll(() => person.leave());

describe("the field for the number", () => {
  it.each([
    ["+91 98765-43210", "IN", "98765 43210"],
    ["098765 43210", "IN", "98765 43210"],
    ["919876543210", "IN", "98765 43210"],
    ["९८७६५४३२१०", "IN", "98765 43210"],
    ["+1 (415) 555-2671", "US", "415 555 2671"],
  ])("takes the number %s from the clipboard", async (text, country, shown) => {
    const { page } = person;
    await page.getByLabel("Mobile number").focus();
    await person.paste(text);
    await expect.poll(() => page.getByLabel("Mobile number").inputValue()).toBe(shown);
    expect(await page.getByLabel("Country").inputValue()).toBe(country);
  });

  it("offers the countries of the role, the default first", async () => {
    const countries = person.page.getByLabel("Country").locator("option");
    const dial = person.page.locator("#dial");
    await expect.poll(() => countries.allTextContents()).toEqual(["India (+91)", "United States (+1)"]);
    await person.page.getByLabel("Country").selectOption("US");
    await expect.poll(() => dial.textContent()).toBe("+1");
    await person.pickRole("Transporter");
    await expect.poll(() => countries.allTextContents()).toEqual(["India (+91)"]);
    await expect.poll(() => dial.textContent()).toBe("+91");
  });

  it("is one that a browser can fill in", async () => {
    const number = person.page.locator("#number");
    expect(await number.getAttribute("autocomplete")).toBe("tel-national");
  });
});

describe("a number that gets no code", () => {
  it.each([
    ["", "Please enter your mobile number."],
    ["12", "This is not a valid phone number. Please check it and try again."],
    ["+91 11 2345 6789", "Please use a mobile number. We cannot send a code to this one."],
    ["+49 1512 3456789", "We do not send codes to this country yet.Please use a number of another country."],
  ])("%j is answered in plain words, at the field", async (phone, words) => {
    await person.ask(phone);
    await expect.poll(() => person.problem()).toBe(words);
    await person.focusAt("#number[aria-invalid=true]");
    await person.page.keyboard.type("9");
    await expect.poll(() => person.problem()).toBe("");
  });
});
