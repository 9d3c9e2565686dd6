import { useEffect, useRef } from "react";

/** Tells when a list is scrolled so far that its next page is wanted. */
export const EndSentinel = ({ onReached }: { readonly onReached: () => void }) => {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) onReached();
      },
      { rootMargin: "400px" },
    );
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [onReached]);
  return <div ref={place} className="h-px" />;
};
