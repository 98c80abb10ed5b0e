import { find } from "./find.js";

/** @typedef {{ role: string, app: string, countries: import("./phone-number.js").Country[] }} Role */

/**
 * @param {readonly Role[]} roles the first is the default
 * @param {(role: Role) => void} onPick called at once too
 */
export function createRolePicker(roles, onPick) {
  const segments = find("#roles", HTMLElement);
  segments.replaceChildren(...roles.map((role, index) => createSegment(role, index === 0)));
  const pick = () => {
    const role = find("input:checked", HTMLInputElement, segments).value;
    const picked = roles.find((entry) => entry.role === role);
    if (picked !== undefined) onPick(picked);
  };
  segments.addEventListener("change", pick);
  pick();
}

/**
 * @param {Role} role
 * @param {boolean} isChecked
 */
function createSegment({ role }, isChecked) {
  const label = document.createElement("label");
  const input = Object.assign(document.createElement("input"), {
    type: "radio",
    name: "role",
    value: role,
    checked: isChecked,
  });
  const text = document.createElement("span");
  text.textContent = role.charAt(0).toUpperCase() + role.slice(1);
  label.append(input, text);
  return label;
}
