import { useEffect, useState, type RefObject } from "react";

const nearTop = 8;

/** Whether somebody reads in a list just now, so that nothing may move under their eyes: they have scrolled, or stand in it. */
export const useHeld = (place: RefObject<HTMLElement | null>): boolean => {
  const [isHeld, setIsHeld] = useState(false);
  useEffect(() => {
    const list = place.current;
    const scroller = list?.closest("main");
    if (list === null || scroller === null || scroller === undefined) return;
    const look = (): void => setIsHeld(scroller.scrollTop > nearTop || list.contains(document.activeElement));
    // the element that focus goes to is the active one only after the event
    const lookSoon = (): void => void setTimeout(look);
    scroller.addEventListener("scroll", look, { passive: true });
    list.addEventListener("focusin", lookSoon);
    list.addEventListener("focusout", lookSoon);
    return () => {
      scroller.removeEventListener("scroll", look);
      list.removeEventListener("focusin", lookSoon);
      list.removeEventListener("focusout", lookSoon);
    };
  }, [place]);
  return isHeld;
};
