import type { Attachment } from "../protocol/resources.ts";
import { asRequestError, readProblem, RequestError } from "./request-error.ts";
import type { Requester } from "./requester.ts";

export interface UploadOptions {
  /** Default: the file's own name, if it has one. */
  readonly filename?: string | undefined;
  /** Gets how much has been sent, from 0 to 1. */
  readonly onProgress?: ((ratio: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const stopped = (cause?: unknown): RequestError =>
  new RequestError("aborted", "The upload was stopped.", { status: null, cause });

/** By XMLHttpRequest, the only way in which a page can tell how far a request has come. */
const sendFromPage = (
  { url, headers }: Awaited<ReturnType<Requester["address"]>>,
  file: Blob,
  { onProgress, signal }: UploadOptions,
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

/** Files that messages name. */
export const attachmentCalls = ({ address, response }: Requester) => {
  const send = async (file: Blob, options: UploadOptions): Promise<Response> => {
    const filename = options.filename ?? (file instanceof File ? file.name : undefined);
    const headers = { "content-type": file.type === "" ? "application/octet-stream" : file.type };
    const about = { headers, query: { filename } };
    if (typeof XMLHttpRequest !== "undefined")
      return sendFromPage(await address("/v1/attachments", about), file, options);
    options.onProgress?.(0);
    const answer = await response("/v1/attachments", { ...about, bytes: file, signal: options.signal });
    options.onProgress?.(1);
    return answer;
  };
  return {
    /** Stores a file; a part `{ type: "file", url, mediaType }` of a message names it afterwards. */
    uploadFile: async (file: Blob, options: UploadOptions = {}): Promise<Attachment> => {
      try {
        const answer = await send(file, options);
        if (!answer.ok) throw await readProblem(answer);
        return await answer.json();
      } catch (thrown) {
        throw options.signal?.aborted === true ? stopped(thrown) : asRequestError(thrown);
      }
    },
  };
};
