import type { Page } from "../request/page.ts";

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
h2 { margin-top: 2.5rem; }
details { border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: .5rem 0; }
summary { cursor: pointer; overflow-wrap: anywhere; }
code, pre { font: .85rem/1.5 ui-monospace, monospace; }
pre { overflow: auto; padding: 1rem; background: color-mix(in srgb, currentColor 7%, transparent); }
.method { display: inline-block; min-width: 4rem; font-weight: 600; text-transform: uppercase; }
`;

const script = `
const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};
const json = (value) => element("pre", { textContent: JSON.stringify(value, null, 2) });
const main = document.querySelector("main");
const here = location.pathname.replace(/\\/docs\\/?$/, "");
try {
  const description = await (await fetch(here + "/openapi.json")).json();
  document.querySelector("#about").textContent = description.info.description;
  for (const { name } of description.tags) {
    main.append(element("h2", { textContent: name }));
    for (const [path, operations] of Object.entries(description.paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        if (!operation.tags.includes(name)) continue;
        const summary = element("summary", {}, element("code", { className: "method", textContent: method }), element("code", { textContent: path }), " — " + operation.summary);
        const { parameters, requestBody, responses } = operation;
        main.append(element("details", {}, summary, json({ parameters, requestBody, responses })));
      }
    }
  }
  main.append(element("h2", { textContent: "Schemas" }));
  for (const [name, schema] of Object.entries(description.components.schemas)) {
    main.append(element("details", {}, element("summary", {}, element("code", { textContent: name })), json(schema)));
  }
} catch (error) {
  main.append(element("p", { textContent: "The description could not be loaded: " + error.message }));
}
`;

/** The API's documentation, drawn from `/openapi.json`. */
export const docsPage: Page = {
  title: "Natter API",
  style,
  script,
  body: `<h1>Natter API</h1>\n<p id="about"></p>\n<p><a href="openapi.json">openapi.json</a></p>\n<main></main>`,
};
