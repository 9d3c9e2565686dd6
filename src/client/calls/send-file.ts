import { asRequestError, readProblem } from "../requests/request-error.ts";
import type { Requester, RequestOptions } from "../requests/requester.ts";
import { sendFromPage, stopped, type SendOptions } from "../send-from-page.ts";

export interface FileRequest extends SendOptions {
  readonly path: string;
  readonly about: Pick<RequestOptions, "headers" | "query">;
}

/** Sends a file as the body of a request; answers what the server made of it. @throws RequestError */
export const createFileSender = ({ address, response }: Requester) => {
  const send = async (file: Blob, { path, about, onProgress, signal }: FileRequest): Promise<Response> => {
    if (typeof XMLHttpRequest !== "undefined")
      return sendFromPage(await address(path, about), file, { onProgress, signal });
    onProgress?.(0);
    const answer = await response(path, { ...about, bytes: file, signal });
    onProgress?.(1);
    return answer;
  };
  return async (file: Blob, request: FileRequest): Promise<Response> => {
    try {
      const answer = await send(file, request);
      if (!answer.ok) throw await readProblem(answer);
      return answer;
    } catch (thrown) {
      throw request.signal?.aborted === true ? stopped(thrown) : asRequestError(thrown);
    }
  };
};
