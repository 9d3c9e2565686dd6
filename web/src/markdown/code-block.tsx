type CodeBlockProps = Readonly<{ code: string; language: string }>;

/** Code. */
export const CodeBlock = ({ code, language }: CodeBlockProps) => (
  <pre dir="ltr">
    <code lang={language}>{code}</code>
  </pre>
);
