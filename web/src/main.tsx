import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { followTheme } from "./settings/theme.ts";
import { App } from "./shell/app.tsx";
import "./styles/app.css";

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no element with the id app");
followTheme();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
