import { Component, type ErrorInfo, type ReactNode } from "react";
import { Button } from "../../ui/button/button.tsx";
import { FullPage } from "./full-page.tsx";
import { shellTexts } from "../shell-texts.ts";

interface ErrorBoundaryState {
  readonly error: Error | null;
}

interface ErrorBoundaryProps {
  /** Somewhere else it is tried again. */
  readonly place?: string | null;
  readonly children: ReactNode;
}

/** Shows a way out where something below it failed to show itself. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { error: null };

  static getDerivedStateFromError(error: Error): ErrorBoundaryState {
    return { error };
  }

  override componentDidCatch(error: Error, { componentStack }: ErrorInfo): void {
    console.error("the page could not be shown", error, componentStack);
  }

  override componentDidUpdate(before: ErrorBoundaryProps): void {
    if (before.place !== this.props.place && this.state.error !== null) this.setState({ error: null });
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return (
      <FullPage title={shellTexts.crashedTitle} text={shellTexts.crashed}>
        <Button look="primary" onClick={() => location.reload()}>
          {shellTexts.reload}
        </Button>
      </FullPage>
    );
  }
}
