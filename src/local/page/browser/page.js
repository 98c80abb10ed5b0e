import { find } from "./find.js";
import { createInbox } from "./inbox.js";
import { createSignIn } from "./sign-in.js";

/** @type {{ serviceUrl: string, roles: import("./role-picker.js").Role[] }} */
const { serviceUrl, roles } = JSON.parse(document.body.dataset.settings ?? "");

const inbox = createInbox(serviceUrl, (code) => signIn.take(code));
const signIn = createSignIn(roles, (waiting) => inbox.offerCodesTo(waiting));

find("#service-url", HTMLElement).textContent = new URL(serviceUrl).host;

const clock = find("#clock", HTMLElement);
const showTime = () => {
  clock.textContent = new Date().toLocaleTimeString("en-GB", { hour: "numeric", minute: "2-digit" });
};
showTime();
setInterval(showTime, 1000);
