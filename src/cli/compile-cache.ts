import { enableCompileCache, flushCompileCache } from "node:module";
import { join, sep } from "node:path";

const name = `${sep}node_modules${sep}`;

/** Of the nearest `node_modules`: whoever may write there may change the code anyway. */
const placeIn = (folder: string): string => {
  const within = folder.lastIndexOf(name);
  const modules = within < 0 ? join(folder, "../../node_modules") : folder.slice(0, within + name.length);
  return join(modules, ".cache/natter/compiled");
};

/** Lets this machine read our source once: more than half of what a later start costs. Where nothing can be written, all stays as it is. */
export const cacheCompiled = (): void => {
  enableCompileCache(placeIn(import.meta.dirname));
  // a server is often killed, which keeps nothing by itself
  setTimeout(flushCompileCache, 1_000).unref();
};
