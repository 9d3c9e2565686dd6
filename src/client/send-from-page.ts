import { asRequestError, RequestError } from "./requests/request-error.ts";
import type { Requester } from "./requests/requester.ts";

/** How a file is sent. */
export interface SendOptions {
  /** Gets how much has been sent, from 0 to 1. */
  readonly onProgress?: ((ratio: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export const stopped = (cause?: unknown): RequestError =>
  new RequestError("aborted", "The upload was stopped.", { status: null, cause });

/** By XMLHttpRequest, the only way in which a page can tell how far a request has come. */
export const sendFromPage = (
  { url, headers }: Awaited<ReturnType<Requester["address"]>>,
  file: Blob,
  { onProgress, signal }: SendOptions,
): Promise<Response> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = (): void => request.abort();
    request.open("POST", url);
    for (const [name, value] of headers) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress?.(total === 0 ? 0 : loaded / total));
    request.addEventListener("load", () => {
      const type = request.getResponseHeader("content-type") ?? "application/json";
      resolve(new Response(request.responseText, { status: request.status, headers: { "content-type": type } }));
    });
    request.addEventListener("error", () => reject(asRequestError(new TypeError("the upload failed"))));
    request.addEventListener("abort", () => reject(stopped()));
    request.addEventListener("loadend", () => signal?.removeEventListener("abort", stop));
    signal?.addEventListener("abort", stop, { once: true });
    request.send(file);
    if (signal?.aborted === true) stop();
  });
