import { find } from "./find.js";
import { formatCountry } from "./format.js";

/** What is looked at stands in the address, so that a reload or a link shows the same. */
const NAMES = ["window", "role", "country"];

/** @param {() => void} onChange */
export function createFilters(onChange) {
  const form = find("#filters", HTMLFormElement);
  const role = find("#role", HTMLSelectElement);
  const country = find("#country", HTMLSelectElement);
  const asked = new URLSearchParams(location.search);
  const wanted = form.querySelector(`[name="window"][value="${CSS.escape(asked.get("window") ?? "")}"]`);
  if (wanted instanceof HTMLInputElement) wanted.checked = true;
  for (const [select, name] of /** @type {const} */ ([
    [role, "role"],
    [country, "country"],
  ])) {
    const value = asked.get(name) ?? "";
    if (value !== "") setOptions(select, [value], name === "country" ? formatCountry : String);
    select.value = value;
  }
  form.addEventListener("change", () => {
    history.replaceState(null, "", `?${query()}`);
    onChange();
  });

  const query = () => {
    const values = new FormData(form);
    const told = NAMES.flatMap((name) => {
      const value = values.get(name);
      return typeof value === "string" && value !== "" ? [[name, value]] : [];
    });
    return new URLSearchParams(told).toString();
  };
  return {
    query,
    /** @param {import("../summary.ts").Summary} summary */
    offer({ roles, countries }) {
      setOptions(role, roles, String);
      setOptions(country, countries, formatCountry);
    },
  };
}

/**
 * The choice stays, also when nothing of it is left in the window.
 * @param {HTMLSelectElement} select
 * @param {readonly string[]} values
 * @param {(value: string) => string} nameOf
 */
function setOptions(select, values, nameOf) {
  const chosen = select.value;
  const all = [...new Set([...values, ...(chosen === "" ? [] : [chosen])])];
  const shown = [...select.options].slice(1).map(({ value }) => value);
  if (all.join() === shown.join()) return;
  select.replaceChildren(
    ...[select.options[0]].filter((option) => option !== undefined),
    ...all.map((value) => new Option(nameOf(value), value)),
  );
  select.value = chosen;
}
