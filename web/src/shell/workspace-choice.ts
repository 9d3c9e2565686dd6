const key = "natter.workspace";

// a tab stays where it is when another one goes elsewhere; a new tab starts where the last one went
const read = (): string | undefined => {
  try {
    return (globalThis.sessionStorage?.getItem(key) ?? globalThis.localStorage?.getItem(key)) || undefined;
  } catch (error) {
    console.warn("the chosen workspace can't be read; it is the first one", error);
    return undefined;
  }
};

/** The workspace that this page works in; undefined: the one that the server takes. */
export const chosenWorkspace = read();

/** Which workspace the next page works in; null: the one that the server takes. */
export const rememberWorkspace = (workspaceId: string | null): void => {
  try {
    sessionStorage.setItem(key, workspaceId ?? "");
    localStorage.setItem(key, workspaceId ?? "");
  } catch (error) {
    console.warn("the chosen workspace can't be kept on this device", error);
  }
};

/** Goes to a workspace, on a fresh page: nothing that is known of another one stays. */
export const enterWorkspace = (workspaceId: string | null): void => {
  rememberWorkspace(workspaceId);
  location.assign(document.baseURI);
};

/** The chosen workspace lets us in no more: back to the one that the server takes. */
export const leaveWorkspace = (): void => {
  if (chosenWorkspace === undefined) return;
  rememberWorkspace(null);
  location.reload();
};

/** Where a picture or a file lies, for a browser that asks for it without our headers. */
export const inWorkspace = (address: string): string =>
  chosenWorkspace === undefined || !address.startsWith("./v1/")
    ? address
    : `${address}?workspaceId=${encodeURIComponent(chosenWorkspace)}`;
