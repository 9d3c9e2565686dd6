import { hash } from "node:crypto";
import type { Arrival } from "./call.ts";

export interface Page {
  readonly title: string;
  readonly style: string;
  readonly body: string;
  /** A module script; the only one that the page's policy lets run. Absent: none may. */
  readonly script?: string;
}

/** A self-contained HTML page: nothing is loaded from elsewhere, and nothing else may run in it. */
export const answerPage = (
  { requestId }: Arrival,
  { title, style, body, script }: Page,
  { status = 200, cacheControl = "no-cache" }: { readonly status?: number; readonly cacheControl?: string } = {},
): Response => {
  const policy = [
    "default-src 'none'",
    ...(script === undefined ? [] : [`script-src 'sha256-${hash("sha256", script, "base64")}'`]),
    `style-src 'sha256-${hash("sha256", style, "base64")}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
${body}
${
  script === undefined
    ? ""
    : `<script type="module">${script}</script>
`
}</body>
</html>
`;
  return new Response(html, {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
      "cache-control": cacheControl,
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-request-id": requestId,
    },
  });
};
