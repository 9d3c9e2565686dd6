const linkable = new Set(["http:", "https:", "mailto:"]);
const rasterImage = /^data:image\/(?:png|jpeg|gif|webp|avif);base64,[a-zA-Z\d+/=\s]+$/;
const attachment = /^\/v1\/attachments\/[A-Za-z0-9_-]+$/;

const parse = (address: string): URL | null => (URL.canParse(address) ? new URL(address) : null);

/** The address a link may lead to: absolute, of http, https or mailto; null for all others. */
export const linkAddress = (written: string): string | null => {
  const url = parse(written.trim());
  return url && linkable.has(url.protocol) ? url.href : null;
};

/** Where an image comes from: shown at once when it cannot tell anybody anything, else a link with the name of its host. */
export type ImageSource =
  | Readonly<{ kind: "shown"; address: string }>
  | Readonly<{ kind: "remote"; address: string; host: string }>
  | Readonly<{ kind: "refused" }>;

/** What to do with the address of an image. */
export const imageSource = (written: string): ImageSource => {
  const address = written.trim();
  if (rasterImage.test(address) || attachment.test(address))
    return { kind: "shown", address: address.replace(/^\//, "./") };
  const url = parse(address);
  if (!url || !(url.protocol === "http:" || url.protocol === "https:")) return { kind: "refused" };
  return { kind: "remote", address: url.href, host: url.host };
};
