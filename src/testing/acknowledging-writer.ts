import { writeSync } from "node:fs";
import sql from "sql-template-tag";
import { createPgliteDatabase } from "../drivers/pglite/pglite.ts";

// A process that writes rows to the folder it is given, some at once, and prints each id once it was acknowledged.

const [directory = ""] = process.argv.slice(2);
const writers = 8;

const say = (line: string | number): void => void writeSync(process.stdout.fd, `${line}\n`);

const database = await createPgliteDatabase({ directory });
await database.script("create table if not exists written (id integer primary key, writer integer not null)");
const [row] = await database.query<{ next: number }>(sql`select coalesce(max(id), 0) + 1 as next from written`);
let next = row?.next ?? 1;
say("ready");

const write = async (writer: number): Promise<never> => {
  for (;;) {
    const id = next;
    next += 1;
    await database.transaction(async () => {
      await database.query(sql`select count(*) as count from written where writer = ${writer} and id > ${id - 100}`);
      await database.query(sql`insert into written (id, writer) values (${id}, ${writer})`);
    });
    say(id);
  }
};

await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
