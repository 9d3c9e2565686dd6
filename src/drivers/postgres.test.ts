import { describe, inject } from "vitest";
import { testDatabaseConformance } from "../testing/database-conformance.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { createPostgresDatabase } from "./postgres.ts";

const postgresUrl = inject("postgresUrl");

describe.skipIf(postgresUrl === null)("PostgreSQL driver", () => {
  testDatabaseConformance({
    name: "PostgreSQL",
    open: async (options) => createPostgresDatabase({ url: await createTestDatabase(postgresUrl!), ...options }),
  });
});
