import type { Attachment } from "../../protocol/resources.ts";
import { asRequestError } from "../requests/request-error.ts";
import type { Requester } from "../requests/requester.ts";
import { createFileSender } from "./send-file.ts";
import type { SendOptions } from "../send-from-page.ts";

export interface UploadOptions extends SendOptions {
  /** Default: the file's own name, if it has one. */
  readonly filename?: string | undefined;
}

/** Files that messages name. */
export const attachmentCalls = (requester: Requester) => {
  const sendFile = createFileSender(requester);
  return {
    /** Stores a file; a part `{ type: "file", url, mediaType }` of a message names it afterwards. */
    uploadFile: async (file: Blob, { filename, ...options }: UploadOptions = {}): Promise<Attachment> => {
      const headers = { "content-type": file.type === "" ? "application/octet-stream" : file.type };
      const query = { filename: filename ?? (file instanceof File ? file.name : undefined) };
      return (await sendFile(file, { ...options, path: "/v1/attachments", about: { headers, query } })).json();
    },
    /** Whether a file that was stored is still there. @throws RequestError when that can't be known */
    hasFile: async (attachmentId: string): Promise<boolean> => {
      try {
        await requester.response(`/v1/attachments/${encodeURIComponent(attachmentId)}`, { method: "HEAD" });
        return true;
      } catch (thrown) {
        if (asRequestError(thrown).status === 404) return false;
        throw thrown;
      }
    },
  };
};
