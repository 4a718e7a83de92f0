// Signs and letters of an object as one picture: kind of use, Nutzungsschablone, pictograms; in millimetres around the middle.
import { drawFigure } from "./planzeichen.js";

const INK = "#1a1a1a";
const SIZE = 3.2; // millimetres: height of the letters that name a use; this and what follows as the server has it
const CELL_WIDTH = 10, CELL_HEIGHT = 4.8, CELL_TEXT = 2.6;
const GAP = 0.6;
const WIDE = 0.58; // of the size: what a letter takes on average
const LEGIBLE = 5.5; // pixels

function write(context, text, x, y, size) {
  context.font = `600 ${size}px "Fira Sans", sans-serif`;
  context.textAlign = "center";
  context.fillStyle = INK;
  context.fillText(text, x, y + size * 0.36);
}

function drawSign(context, { figure, letters }, figures) {
  drawFigure(context, figures[figure]);
  if (!letters) return;
  const { text_size: size, parts } = figures[figure];
  write(context, letters, 0, 0, size * (parts.length ? Math.min(1, 2.1 / letters.length) : 1));
}

function frameCell(context, frame, x, y, half) {
  context.beginPath();
  if (frame === "kreis") context.ellipse(x, y, half, 1.9, 0, 0, 2 * Math.PI);
  if (frame === "kasten") context.rect(x - half, y - 1.7, 2 * half, 3.4);
  if (frame === "dreieck") {
    context.moveTo(x, y - 2.2);
    context.lineTo(x + 2.4, y + 1.9);
    context.lineTo(x - 2.4, y + 1.9);
    context.closePath();
  }
  context.strokeStyle = INK;
  context.lineWidth = 0.18;
  context.stroke();
}

function drawCell(context, [text, frame], x, y) {
  if (!text) return;
  let size = Math.min(CELL_TEXT, (CELL_WIDTH - 0.8) / (text.length * WIDE));
  if (frame === "kreis") size = Math.min(size, 2.1);
  if (frame === "dreieck") size = 1.6;
  const half = (text.length * size * WIDE) / 2;
  frameCell(context, frame, x, y, frame === "kreis" ? Math.max(1.9, half + 0.5) : half + 0.6);
  write(context, text, x, y + (frame === "dreieck" ? 0.9 : 0), size);
}

function table(head, cells) {
  const all = head.length ? [[head.join(" "), ""], ...cells] : [...cells];
  if (all.length % 2) all.push(["", ""]);
  const width = 2 * CELL_WIDTH, height = (all.length / 2) * CELL_HEIGHT;
  const draw = (context) => {
    context.fillStyle = "rgb(255 255 255 / 70%)";
    context.fillRect(-width / 2, -height / 2, width, height);
    context.strokeStyle = INK;
    context.lineWidth = 0.2;
    context.strokeRect(-width / 2, -height / 2, width, height);
    context.beginPath();
    for (let row = 1; row < all.length / 2; row += 1) {
      context.moveTo(-width / 2, row * CELL_HEIGHT - height / 2);
      context.lineTo(width / 2, row * CELL_HEIGHT - height / 2);
    }
    context.moveTo(0, -height / 2);
    context.lineTo(0, height / 2);
    context.lineWidth = 0.15;
    context.stroke();
    all.forEach((cell, place) => {
      drawCell(context, cell, CELL_WIDTH * ((place % 2) - 0.5), CELL_HEIGHT * (Math.floor(place / 2) + 0.5) - height / 2);
    });
  };
  return { width, height, draw };
}

function lettersOf(head, cells, withTable) {
  if (cells.length === 1 && !head.length) return [textBlock(...cells[0])];
  if (cells.length && withTable) return [table(head, cells)];
  return head.map((line, place) => {
    const size = place ? SIZE * 0.62 : SIZE;
    return { width: size * 0.62 * line.length, height: size, draw: (context) => write(context, line, 0, 0, size) };
  });
}

function blocksOf({ head = [], cells = [], signs = [] }, { symbols, figures }, withTable) {
  const blocks = lettersOf(head, cells, withTable);
  for (const name of signs.slice(0, 3)) {
    const symbol = symbols[name];
    const { width, height } = figures[symbol.figure] ?? {};
    if (width) blocks.push({ width, height, draw: (context) => drawSign(context, symbol, figures) });
  }
  return blocks;
}

/** {width, height, draw(context)} in millimetres; null where there is nothing to show. scale: pixels per millimetre. */
export function stackOf(content, catalogue, { scale, withTable = true }) {
  const blocks = blocksOf(content, catalogue, withTable && CELL_TEXT * scale >= LEGIBLE);
  if (!blocks.length) return null;
  const height = blocks.reduce((sum, block) => sum + block.height, GAP * (blocks.length - 1));
  const width = Math.max(...blocks.map((block) => block.width));
  const draw = (context) => {
    let top = -height / 2;
    for (const block of blocks) {
      context.save();
      context.translate(0, top + block.height / 2);
      block.draw(context);
      context.restore();
      top += block.height + GAP;
    }
  };
  return { width, height, draw };
}

/** Letters that stand for themselves, with the frame of their kind. */
export function textBlock(text, frame = "") {
  const draw = (context) => (frame ? drawCell(context, [text, frame], 0, 0) : write(context, text, 0, 0, CELL_TEXT));
  return { width: Math.max(4, CELL_TEXT * WIDE * text.length, frame ? 5 : 0), height: 4.4, draw };
}
