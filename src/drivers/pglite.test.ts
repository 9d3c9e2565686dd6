import { testDatabaseConformance } from "../testing/database-conformance.ts";
import { createPgliteDatabase } from "./pglite.ts";

testDatabaseConformance({
  name: "PGlite",
  open: (options) => createPgliteDatabase({ directory: null, ...options }),
});
