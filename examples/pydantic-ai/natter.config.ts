import { agUi, defineAgent, defineConfig } from "natter";

export default defineConfig({
  agents: {
    default: defineAgent({ name: "Python", runner: agUi({ url: "http://127.0.0.1:8000/" }) }),
  },
});
