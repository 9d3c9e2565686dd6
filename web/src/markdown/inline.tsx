import type { Token } from "marked";
import { Fragment, type ReactNode } from "react";
import { Checkbox } from "./checkbox.tsx";
import { decodeEntities } from "./text/entities.ts";
import { Formula } from "./maths/formula.tsx";
import { type AnyToken, isKnownToken } from "./text/known-token.ts";
import { Link } from "./link.tsx";
import { Picture } from "./picture.tsx";
import { imageSource, linkAddress } from "./text/safe-address.ts";
import { safeText, withoutStacks } from "./text/safe-text.ts";

const inlineOf = (token: AnyToken, isLinked: boolean): ReactNode => {
  if (!isKnownToken(token)) return token.raw;
  switch (token.type) {
    case "strong":
      return <strong>{inlines(token.tokens, isLinked)}</strong>;
    case "em":
      return <em>{inlines(token.tokens, isLinked)}</em>;
    case "del":
      return <del>{inlines(token.tokens, isLinked)}</del>;
    case "codespan":
      return <code dir="ltr">{withoutStacks(token.text)}</code>;
    case "br":
      return <br />;
    case "checkbox":
      return <Checkbox isChecked={token.checked} />;
    case "link":
      return (
        <Link
          address={linkAddress(token.autolink ? token.href : decodeEntities(token.href))}
          written={token.href}
          title={token.title ? safeText(token.title) : undefined}
        >
          {inlines(token.tokens, true)}
        </Link>
      );
    case "image":
      return (
        <Picture
          source={imageSource(decodeEntities(token.href))}
          description={safeText(token.text)}
          isLinked={isLinked}
        />
      );
    case "maths":
      return <Formula source={token.raw} tex={token.text} isDisplayed={token.isDisplayed} />;
    case "html":
      return withoutStacks(token.text);
    case "escape":
      return withoutStacks(token.text);
    case "text":
      if (token.tokens) return inlines(token.tokens, isLinked);
      return token.escaped ? withoutStacks(token.text) : safeText(token.text);
    default:
      return decodeEntities(token.raw);
  }
};

/** Inline tokens as React nodes; inside a link there is no second one. */
export const inlines = (tokens: readonly Token[], isLinked = false): ReactNode =>
  tokens.map((token, index) => <Fragment key={index}>{inlineOf(token, isLinked)}</Fragment>);
