import { expect, test } from "vitest";
import { chooseEncoding } from "./content-encoding.ts";

test.each([
  ["gzip, deflate, br, zstd", "br"],
  ["gzip", "gzip"],
  ["br;q=0, gzip;q=0.5", "gzip"],
  ["BR", "br"],
  ["*", "br"],
  ["*;q=0", undefined],
  ["identity", undefined],
  ["", undefined],
  ["br;q=nonsense", "br"],
])("Accept-Encoding %j is answered with %s", (header, name) => {
  expect(chooseEncoding(header)?.name).toBe(name);
});
