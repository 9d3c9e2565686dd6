import { NatterError } from "../foundation/errors.ts";
import { gateJson, isStorable } from "../foundation/text-gate.ts";
import type { Database } from "../ports/database.ts";
import type { ToolDatabase } from "../protocol/agent/injected-context.ts";
import {
  deleteToolData,
  findToolData,
  listToolData,
  putToolData,
  replaceToolData,
  type ToolDataOwner,
  type ToolDataRow,
} from "../store/tools/tool-data-rows.ts";

const mostKeys = 1_000;
const longestKey = 200;
const maxBytes = 65_536;
const mostTries = 20;

const checkKey = (key: string): string => {
  if (key.length >= 1 && key.length <= longestKey && isStorable(key)) return key;
  throw new NatterError("unprocessable", `A key has 1 to ${longestKey} characters, and no NUL among them.`);
};

const toJson = (value: unknown): string => {
  if (value === undefined) throw new NatterError("unprocessable", "There is no value to keep; delete the key instead.");
  return JSON.stringify(gateJson(value, { maxBytes }));
};

const tooMany = (): NatterError =>
  new NatterError("unprocessable", `At most ${mostKeys} keys are kept for a user; delete some first.`);

/** The handle that tools get: it can't name another user or workspace. */
export const createToolDatabase = (database: Database, owner: ToolDataOwner): ToolDatabase => {
  const tryPut = (key: string, json: string, present: ToolDataRow | undefined): Promise<boolean> =>
    present === undefined
      ? putToolData(database, owner, { key, json, most: mostKeys, isFirst: true })
      : replaceToolData(database, owner, { key, json, version: present.version });
  return {
    get: async (key) => (await findToolData(database, owner, checkKey(key)))?.value,
    async set(key, value) {
      const given = { key: checkKey(key), json: toJson(value), most: mostKeys };
      if (!(await putToolData(database, owner, given))) throw tooMany();
    },
    async update(key, change) {
      let present = await findToolData(database, owner, checkKey(key));
      for (let tries = 0; tries < mostTries; tries += 1) {
        const value = change(present?.value);
        if (await tryPut(key, toJson(value), present)) return value;
        const before = present;
        present = await findToolData(database, owner, key);
        if (before === undefined && present === undefined) throw tooMany();
      }
      throw new NatterError("conflict", "Others changed this value all the time; try again.");
    },
    async delete(key) {
      await deleteToolData(database, owner, checkKey(key));
    },
    list: async (prefix = "") =>
      (await listToolData(database, owner, prefix)).map(({ key, value }) => ({ key, value })),
  };
};
