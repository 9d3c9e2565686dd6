/** Where Natter is mounted, as `/natter`; empty at the root. The server wrote it into the page's `<base>`. */
export const basePath: string = new URL(document.baseURI).pathname.replace(/\/+$/, "");
