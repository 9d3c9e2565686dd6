/** A tool's own word on why it did not do it: safe to show, unlike what else a framework's tool may throw. */
export class ToolRefusal extends Error {
  override readonly name = "ToolRefusal";
}
