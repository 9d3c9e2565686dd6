import { AwsV4Signer } from "aws4fetch";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createId } from "../../foundation/ids.ts";
import { blobStoreConformance } from "../../testing/conformance/blob-store-conformance.ts";
import { startFakeS3 } from "../../testing/servers/fake-s3.ts";
import { signatureV4 } from "../../testing/databases/signature-v4.ts";
import { createS3BlobStore } from "./blobs-s3.ts";
import { readS3Url } from "./s3-requests.ts";

blobStoreConformance("createS3BlobStore", async () => {
  const s3 = await startFakeS3();
  const store = await createS3BlobStore({ url: s3.url });
  return {
    store,
    close: async () => {
      await store.close();
      await s3.close();
      if (s3.refused() > 0) throw new Error("a request was signed wrongly");
    },
  };
});

test("a store that signs with another key, or for another region, is refused, and says nothing of its keys", async () => {
  const s3 = await startFakeS3();
  for (const url of [s3.url.replace("a%2Fsecret", "another"), s3.url.replace("eu-test-1", "eu-test-2")]) {
    const store = await createS3BlobStore({ url });
    const refusal = await store.put(createId(), [Buffer.from("x")], 10).catch((thrown: unknown) => thrown);
    expect(refusal).toMatchObject({ code: "unavailable" });
    expect(String(refusal)).not.toContain("secret");
    await store.close();
  }
  expect(s3.refused()).toBe(2);
  await s3.close();
});

test("F26 a bucket that is full is told as such, one that is away as unavailable, and no draft stays", async () => {
  const s3 = await startFakeS3();
  const before = new Set(await readdir(tmpdir()));
  const store = await createS3BlobStore({ url: s3.url });
  s3.failWrites(507);
  const key = createId();
  await expect(store.put(key, [Buffer.from("x")], 10)).rejects.toMatchObject({ code: "insufficient_storage" });
  expect(await store.get(key)).toBeNull();
  await s3.close();
  await expect(store.put(key, [Buffer.from("x")], 10)).rejects.toMatchObject({ code: "unavailable" });
  const mine = (await readdir(tmpdir())).filter((name) => name.startsWith("natter-uploads-") && !before.has(name));
  for (const folder of mine)
    expect((await readdir(join(tmpdir(), folder))).filter((name) => name.startsWith(key))).toEqual([]);
  await store.close();
});

test("S3_URL names place, keys and region", () => {
  expect(readS3Url("https://AK:s%2Fe@s3.eu-central-1.amazonaws.com/files/a/b")).toEqual({
    bucketUrl: "https://s3.eu-central-1.amazonaws.com/files",
    prefix: "a/b/",
    region: "eu-central-1",
    accessKeyId: "AK",
    secretAccessKey: "s/e",
  });
  for (const wrong of ["https://s3.test/bucket", "https://AK:x@s3.test", "nothing"])
    expect(() => readS3Url(wrong)).toThrow("S3_URL must look like");
});

const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const dateTime = "20130524T000000Z";
const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const vectors = [
  {
    name: "GET Object",
    path: "/test.txt",
    query: "",
    headers: { range: "bytes=0-9" },
    signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  },
  {
    name: "PUT Object",
    method: "PUT",
    path: "/test%24file.text",
    query: "",
    headers: { date: "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY" },
    payloadHash: "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
    signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
  },
  {
    name: "GET Bucket Lifecycle",
    path: "/",
    query: "lifecycle",
    headers: {},
    signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
  },
  {
    name: "GET Bucket (List Objects)",
    path: "/",
    query: "max-keys=2&prefix=J",
    headers: {},
    signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
  },
];

test.each(vectors)(
  "$name is signed as AWS publishes it, by the client and by the server of these tests",
  async ({ method = "GET", path, query, headers, payloadHash = emptyHash, signature }) => {
    const host = "examplebucket.s3.amazonaws.com";
    const all = { ...headers, host, "x-amz-content-sha256": payloadHash, "x-amz-date": dateTime };
    const signedHeaders = Object.keys(all).toSorted();
    const scope = { secret, dateTime, region: "us-east-1", service: "s3" };
    expect(signatureV4({ method, path, query, headers: all, signedHeaders, payloadHash }, scope)).toBe(signature);
    const { host: _host, ...sent } = all;
    const signer = new AwsV4Signer({
      method,
      url: `https://${host}${path}${query === "" ? "" : `?${query}`}`,
      headers: sent,
      accessKeyId: "AKIAIOSFODNN7EXAMPLE",
      secretAccessKey: secret,
      service: "s3",
      region: "us-east-1",
      datetime: dateTime,
      allHeaders: true,
    });
    expect(await signer.signature()).toBe(signature);
  },
);
