// the answer to who one is shows it by itself, and a wrong password says nothing of the session
const ownPaths = /\/v1\/(me|account\/[a-z-]+)$/;

export interface Watch {
  /** The server does not know who asks any more. */
  readonly onUnknown: () => void;
  /** Whoever asks may not be in the workspace that the page works in. */
  readonly onOutside: () => void;
}

/** The browser's fetch, that says so when the server does not let whoever asks in any more. */
export const createWatchfulFetch =
  ({ onUnknown, onOutside }: Watch): typeof fetch =>
  async (input, init) => {
    const response = await fetch(input, init);
    const { status } = response;
    const { pathname } = new URL(response.url);
    if (status === 401 && !ownPaths.test(pathname)) onUnknown();
    if ((status === 403 || status === 404) && pathname.endsWith("/v1/me")) onOutside();
    return response;
  };
