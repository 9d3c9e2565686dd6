import { access, constants, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { finding, type Check, type Finding } from "./finding.ts";

const isThere = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory();
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return false;
    throw thrown;
  }
};

const isWritable = async (path: string): Promise<boolean> => {
  try {
    await access(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    // that it may not be written to is the answer
    return false;
  }
};

const nearest = async (path: string): Promise<string> => ((await isThere(path)) ? path : nearest(dirname(path)));

/** Whether the data folder is there, or can be made. */
export const checkFolder: Check = async ({ stores }): Promise<readonly Finding[]> => {
  const folder = resolve(stores.dataDirectory);
  const there = await nearest(folder);
  if (!(await isWritable(there)))
    return [
      finding("bad", "folder", `${there} may not be written to`, "change its owner, or choose another NATTER_DATA_DIR"),
    ];
  return [finding("ok", "folder", there === folder ? folder : `${folder}, made at the first start`)];
};
