import { finding, type Finding } from "./finding.ts";

const wanted = [22, 18] as const;

/** Whether this Node runs Natter. */
export const checkNode = (version: string = process.versions.node): Finding => {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isNew = major > wanted[0] || (major === wanted[0] && minor >= wanted[1]);
  return isNew
    ? finding("ok", "node", version)
    : finding("bad", "node", version, `install ${wanted.join(".")} or newer from https://nodejs.org`);
};
