import { z } from "zod";
import { openRoute, type Route } from "../route.ts";

/**
 * The page is of no origin, also when it is opened by itself, and can load and send nothing. That it goes elsewhere by
 * itself only the policy of the page around it can stop (`frame-src 'self'`).
 */
const policy = [
  "sandbox allow-scripts",
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval'",
  "style-src 'unsafe-inline'",
  "img-src data: blob:",
  "media-src data: blob:",
  "font-src data:",
  "connect-src 'none'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-src 'none'",
  "frame-ancestors 'self'",
  "webrtc 'block'",
].join("; ");

/**
 * No policy that browsers obey speaks of WebRTC: peers are taken away, and so are frames within, which would bring new
 * ones. What it calls is held by names of its own, which the content can't change.
 */
const lockdown = `
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "mozRTCPeerConnection"]) delete window[name];
  const bound = (method) => Function.prototype.call.bind(method);
  const remove = bound(Element.prototype.remove);
  const watch = bound(MutationObserver.prototype.observe);
  const attach = bound(Element.prototype.attachShadow);
  const guard = (root, find) => {
    const clear = () => {
      for (let frame = find(root, "iframe, frame"); frame !== null; frame = find(root, "iframe, frame")) remove(frame);
    };
    watch(new MutationObserver(clear), root, { childList: true, subtree: true });
  };
  const [inDocument, inShadow] = [bound(Document.prototype.querySelector), bound(ShadowRoot.prototype.querySelector)];
  guard(document, inDocument);
  Element.prototype.attachShadow = function (options) {
    const root = attach(this, options);
    guard(root, inShadow);
    return root;
  };
`;

/** Shows once what its parent sends it: `{ type: "natter-artifact", html }`. */
const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Artifact</title>
</head>
<body>
<script>
{${lockdown}
  const show = (event) => {
    if (event.source !== parent || event.data?.type !== "natter-artifact") return;
    removeEventListener("message", show);
    document.open();
    document.write(String(event.data.html));
    document.close();
  };
  addEventListener("message", show);
  if (parent !== window) parent.postMessage({ type: "natter-artifact-frame" }, "*");
}
</script>
</body>
</html>
`;

/** The frame in which pages and drawings that a model wrote are shown. */
export const artifactFrameRoutes = (): Route[] => [
  openRoute({
    method: "get",
    path: "/artifact-frame",
    summary: "The sandboxed frame in which artifacts are shown; their content comes by postMessage",
    tag: "Artifacts",
    answers: { 200: { description: "The page", schema: z.string(), contentType: "text/html" } },
    handle: ({ requestId }) =>
      new Response(html, {
        headers: {
          "content-type": "text/html; charset=utf-8",
          "content-security-policy": policy,
          // where it is known the browser itself connects to nothing, whatever asks for it
          "connection-allowlist": "()",
          "permissions-policy":
            "accelerometer=(), camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
          "referrer-policy": "no-referrer",
          "x-content-type-options": "nosniff",
          "x-dns-prefetch-control": "off",
          "cache-control": "no-cache",
          "x-request-id": requestId,
        },
      }),
  }),
];
