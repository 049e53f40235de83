// Lists: columns of the board that stay where they were scrolled to when they come anew.
(() => {
  let places = null;
  const columns = () => document.querySelectorAll("#board [data-column]");
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "board") return;
    const board = document.getElementById("board");
    places = { left: board.scrollLeft, tops: {} };
    columns().forEach((column) => { places.tops[column.dataset.column] = column.scrollTop; });
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (!places) return;
    document.getElementById("board").scrollLeft = places.left;
    columns().forEach((column) => { column.scrollTop = places.tops[column.dataset.column] || 0; });
    places = null;
  });
})();
