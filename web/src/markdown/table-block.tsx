import type { Tokens } from "marked";
import { memo } from "react";
import { inlines } from "./inline.tsx";

type RowProps = Readonly<{ cells: readonly Tokens.TableCell[] }>;

const classOf = (align: Tokens.TableCell["align"]): string | undefined => (align === null ? undefined : `md-${align}`);

const Row = memo(({ cells }: RowProps) => (
  <tr>
    {cells.map((cell, index) => (
      <td key={index} className={classOf(cell.align)}>
        {inlines(cell.tokens)}
      </td>
    ))}
  </tr>
));

/** A table that scrolls sideways by itself, by keyboard as well. */
export const TableBlock = ({ token, dir }: Readonly<{ token: Tokens.Table; dir: "auto" | undefined }>) => (
  <div className="md-table" role="group" aria-label="Table" tabIndex={0} dir={dir}>
    <table>
      <thead>
        <tr>
          {token.header.map((cell, index) => (
            <th key={index} scope="col" className={classOf(cell.align)}>
              {inlines(cell.tokens)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {token.rows.map((cells, index) => (
          <Row key={index} cells={cells} />
        ))}
      </tbody>
    </table>
  </div>
);
