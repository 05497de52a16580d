/**
 * Arguments of ffmpeg for a source that a recording can be held against: each picture has its number in its upper half, as
 * 16 blocks that are white or black, the lowest bit first; its lower half is white for the first 100 ms of each second,
 * in which a tone of 1 kHz beeps.
 *
 * @param options.seconds after which it ends
 * @param options.live in its own time, and not as fast as it can be made
 */
export function testPicture(options: {
  size: `${number}x${number}`;
  seconds: number;
  live: boolean;
}): readonly string[] {
  const { size, seconds, live } = options;
  const bit = 'mod(floor(N/pow(2,X)),2)';
  const flash = 'lt(mod(N/30,1),0.1)';
  // Drawn with a pixel for each block, for an expression a pixel is slow.
  const drawn = `nullsrc=size=16x2:rate=30,geq=lum='16+219*if(lt(Y,1),${bit},${flash})':cb=128:cr=128`;
  // What was wide is not to be seen as wide: the blocks' shape would stay in the stream as that of its pixels.
  const scaled = `scale=${size.replace('x', ':')}:flags=neighbor,setsar=1`;
  const picture = `${drawn},${scaled},format=yuv420p`;
  const tone = "aevalsrc='0.4*sin(2*PI*1000*t)*lt(mod(t,1),0.1)':s=48000";
  const input = (source: string) => [
    ...(live ? ['-re'] : []),
    ...['-t', String(seconds), '-f', 'lavfi', '-i', source],
  ];
  return [...input(picture), ...input(tone)];
}

/** What an encoder makes of it: H.264 without a delay, a whole picture each second, and AAC. */
export const encoded = [
  ...'-c:v libx264 -preset ultrafast -tune zerolatency -g 30'.split(' '),
  ...'-c:a aac -b:a 96k -f flv'.split(' '),
];
