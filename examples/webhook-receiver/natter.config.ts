import { defineConfig } from "natter";

export default defineConfig({
  // the receiver is on this machine; public addresses need no line
  egress: { allow: ["127.0.0.1"] },
});
