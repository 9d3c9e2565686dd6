// the answer to who one is shows it by itself, and a wrong password says nothing of the session
const ownPaths = /\/v1\/(me|account\/[a-z-]+)$/;

/** The browser's fetch, that says so when the server does not know who asks any more. */
export const createWatchfulFetch =
  (onUnknown: () => void): typeof fetch =>
  async (input, init) => {
    const response = await fetch(input, init);
    const { url, status } = response;
    if (status === 401 && !ownPaths.test(new URL(url).pathname)) onUnknown();
    return response;
  };
