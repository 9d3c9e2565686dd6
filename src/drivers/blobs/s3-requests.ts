import { NatterError } from "../../foundation/errors.ts";

/** Where blobs lie: `https://KEY:SECRET@host/bucket/prefix?region=…`, with the bucket in the path. */
export interface S3Place {
  /** Of the bucket, without a slash at its end. */
  readonly bucketUrl: string;
  /** Before each key. */
  readonly prefix: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const awsRegion = /^s3[.-]([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com$/;

/** @throws NatterError `invalid_request` for a URL that names no bucket or no key; it never repeats the URL */
export const readS3Url = (text: string): S3Place => {
  const url = URL.canParse(text) ? new URL(text) : null;
  const [bucket = "", ...folders] = (url?.pathname ?? "").split("/").filter((segment) => segment !== "");
  if (url === null || bucket === "" || url.username === "" || url.password === "")
    throw new NatterError(
      "invalid_request",
      "S3_URL must look like https://KEY:SECRET@host/bucket?region=eu-central-1.",
    );
  return {
    bucketUrl: `${url.origin}/${bucket}`,
    prefix: folders.map((folder) => `${folder}/`).join(""),
    region: url.searchParams.get("region") ?? awsRegion.exec(url.hostname)?.[1] ?? "us-east-1",
    accessKeyId: decodeURIComponent(url.username),
    secretAccessKey: decodeURIComponent(url.password),
  };
};

export interface S3Request {
  readonly method: "GET" | "HEAD" | "PUT" | "DELETE";
  /** After the bucket, with a slash before it. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Blob;
  /** Lower-case hex of the body. */
  readonly sha256?: string;
}

/** Sends signed requests; answers what succeeded, and 404 and 416. @throws NatterError `unavailable`, `insufficient_storage` */
export type SendToS3 = (request: S3Request) => Promise<Response>;

const emptySha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const patienceMilliseconds = 60_000;
const retries = 2;

const gone = (cause: unknown): NatterError =>
  new NatterError("unavailable", "The store of files does not answer just now; try again later.", { cause });

const load = async () => {
  try {
    return await import("aws4fetch");
  } catch (cause) {
    throw new NatterError("unavailable", "Files in S3 need one more package: npm install aws4fetch@1.0.20", { cause });
  }
};

const check = (response: Response): Response => {
  if (response.ok || response.status === 404 || response.status === 416) return response;
  const cause = new Error(`S3 answered with status ${response.status}`);
  if (response.status === 507)
    throw new NatterError("insufficient_storage", "There is no room for files just now; try again later.", {
      cause,
      retryAfter: 30,
    });
  throw gone(cause);
};

export const createS3Sender = async ({ bucketUrl, ...place }: S3Place): Promise<SendToS3> => {
  const { AwsClient } = await load();
  const client = new AwsClient({ ...place, service: "s3", retries });
  return async ({ method, path, headers, body, sha256 = emptySha256 }) => {
    const response = await client
      .fetch(`${bucketUrl}${path}`, {
        method,
        headers: { ...headers, "x-amz-content-sha256": sha256 },
        redirect: "error",
        signal: AbortSignal.timeout(patienceMilliseconds),
        ...(body === undefined ? {} : { body }),
      })
      .catch((thrown: unknown) => {
        throw gone(thrown);
      });
    try {
      return check(response);
    } catch (thrown) {
      await response.body?.cancel();
      throw thrown;
    }
  };
};
