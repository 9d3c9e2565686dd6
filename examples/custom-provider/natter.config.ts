import { defineConfig } from "natter";
import { createBackwardsModel } from "./backwards-model.ts";
import { createNdjsonDriver } from "./ndjson-driver.ts";

export default defineConfig({
  providers: {
    house: {
      driver: createNdjsonDriver(process.env["INFERENCE_URL"] ?? "http://127.0.0.1:8080/answer"),
      models: ["small"],
      concurrency: 8,
    },
    words: { model: createBackwardsModel, models: ["backwards"] },
  },
  models: { default: "house/small" },
  prices: { "house/small": { input: 0.1, output: 0.4 } },
});
