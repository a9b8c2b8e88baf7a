// Reads the PNG files that Chromium writes: 8 bits a channel, RGB or RGBA, not interlaced (ISO/IEC 15948).
import { inflateSync } from 'node:zlib';

const SIGNATURE = '89504e470d0a1a0a';

function paeth(a, b, c) {
  const p = a + b - c;
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

export function readPng(file) {
  if (file.subarray(0, 8).toString('hex') !== SIGNATURE) throw new Error('not a PNG file');
  let head = null;
  const parts = [];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    const type = file.toString('latin1', at + 4, at + 8);
    const body = file.subarray(at + 8, at + 8 + file.readUInt32BE(at));
    if (type === 'IHDR') head = { width: body.readUInt32BE(0), height: body.readUInt32BE(4), depth: body[8], colour: body[9], interlaced: body[12] };
    if (type === 'IDAT') parts.push(body);
  }
  const channels = { 2: 3, 6: 4 }[head.colour];
  if (head.depth !== 8 || head.interlaced || !channels) throw new Error('this kind of PNG is not read here');
  const raw = inflateSync(Buffer.concat(parts));
  const stride = head.width * channels;
  const pixels = Buffer.alloc(stride * head.height);
  for (let y = 0; y < head.height; y++) {
    const filter = raw[y * (stride + 1)];
    for (let x = 0; x < stride; x++) {
      const left = x >= channels ? pixels[y * stride + x - channels] : 0;
      const up = y ? pixels[(y - 1) * stride + x] : 0;
      const corner = y && x >= channels ? pixels[(y - 1) * stride + x - channels] : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      pixels[y * stride + x] = raw[y * (stride + 1) + 1 + x] + guess;
    }
  }
  const at = (x, y) => {
    const i = Math.round(y) * stride + Math.round(x) * channels;
    return [pixels[i], pixels[i + 1], pixels[i + 2]];
  };
  return { ...head, at };
}

export const near = (a, b, tolerance = 12) => a.every((v, i) => Math.abs(v - b[i]) <= tolerance);

export function count(image, colour, tolerance) {
  let found = 0;
  for (let y = 0; y < image.height; y++) for (let x = 0; x < image.width; x++) if (near(image.at(x, y), colour, tolerance)) found++;
  return found;
}
