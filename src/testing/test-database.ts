import { randomUUID } from "node:crypto";
import postgres from "postgres";

/**
 * Creates an empty database on the server at `postgresUrl` and returns its URL, so that test files that run at the
 * same time never see each other's rows. It goes when the test server goes.
 */
export const createTestDatabase = async (postgresUrl: string): Promise<string> => {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const connection = postgres(postgresUrl, { max: 1 });
  try {
    await connection.unsafe(`create database ${name} template template0`);
  } finally {
    await connection.end();
  }
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return url.href;
};
