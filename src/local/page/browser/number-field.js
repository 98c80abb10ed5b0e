import { find } from "./find.js";
import { formatNumber, readNumber } from "./phone-number.js";

/** @typedef {import("./phone-number.js").Country} Country */

/**
 * A country and a national number, from whatever is typed, pasted or filled in.
 * @param {() => void} onEdit
 */
export function createNumberField(onEdit) {
  const input = find("#number", HTMLInputElement);
  const select = find("#country", HTMLSelectElement);
  const dial = find("#dial", HTMLElement);
  /** @type {readonly Country[]} */
  let countries = [];

  const country = () => {
    const chosen = countries.find(({ code }) => code === select.value) ?? countries[0];
    if (chosen === undefined) throw new Error("A role has no countries");
    return chosen;
  };
  const draw = () => {
    dial.textContent = `+${country().dial}`;
    input.placeholder = country().example;
  };
  const tidy = () => {
    const number = readNumber(input.value, country(), countries);
    if (number.country === null) return;
    select.value = number.country.code;
    input.value = formatNumber(number.digits, number.country);
    draw();
  };
  input.addEventListener("input", () => {
    // Elsewhere than at its end somebody corrects a digit, and would lose the place.
    if (input.selectionStart === input.value.length) tidy();
    onEdit();
  });
  input.addEventListener("change", tidy);
  select.addEventListener("change", () => {
    draw();
    tidy();
    onEdit();
  });
  return {
    read: () => readNumber(input.value, country(), countries),
    /** @param {readonly Country[]} offered */
    offer(offered) {
      const before = select.value;
      countries = offered;
      select.replaceChildren(...offered.map(createOption));
      select.value = offered.some(({ code }) => code === before) ? before : (offered[0]?.code ?? "");
      select.parentElement?.toggleAttribute("data-single", offered.length === 1);
      draw();
    },
    focus: () => input.focus(),
  };
}

/** @param {Country} country */
const createOption = ({ name, dial, code }) => new Option(`${name} (+${dial})`, code);
