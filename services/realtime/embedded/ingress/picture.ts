import { type IngressVideoOptions, IngressVideoEncodingPreset as Preset } from '@livekit/protocol';
import type { Layout } from './feed.ts';

/** What is published: an even canvas of a fixed size, at a fixed rate. */
export type Picture = { width: number; height: number; framesPerSecond: number };

const hd = { width: 1280, height: 720, framesPerSecond: 30 };
const fullHd = { width: 1920, height: 1080, framesPerSecond: 30 };
const smaller = { width: 960, height: 540, framesPerSecond: 25 };

/** The largest layer of each preset; this worker lets WebRTC make the smaller ones. */
const presets: Readonly<Record<Preset, Picture>> = {
  [Preset.H264_720P_30FPS_3_LAYERS]: hd,
  [Preset.H264_720P_30FPS_1_LAYER]: hd,
  [Preset.H264_720P_30FPS_3_LAYERS_HIGH_MOTION]: hd,
  [Preset.H264_720P_30FPS_1_LAYER_HIGH_MOTION]: hd,
  [Preset.H264_1080P_30FPS_3_LAYERS]: fullHd,
  [Preset.H264_1080P_30FPS_1_LAYER]: fullHd,
  [Preset.H264_1080P_30FPS_3_LAYERS_HIGH_MOTION]: fullHd,
  [Preset.H264_1080P_30FPS_1_LAYER_HIGH_MOTION]: fullHd,
  [Preset.H264_540P_25FPS_2_LAYERS]: smaller,
  [Preset.H264_540P_25FPS_2_LAYERS_HIGH_MOTION]: smaller,
};

/** Nothing larger or quicker is published, whatever is asked for. */
const largest = { width: 1920, height: 1080, framesPerSecond: 60 };

/**
 * The stream's own picture, made smaller where the ingress asks for less, never larger. A stream that does not say its size gets
 * the whole canvas that the ingress asks for, with bars where it has another shape.
 */
export function pictureOf(options: { layout: Layout; video: IngressVideoOptions | undefined }): Picture {
  const { layout, video } = options;
  const asked = askedFor(video);
  const { width = asked.width, height = asked.height } = layout;
  const scale = Math.min(1, asked.width / width, asked.height / height);
  return {
    width: even(width * scale),
    height: even(height * scale),
    framesPerSecond: asked.framesPerSecond,
  };
}

function askedFor(video: IngressVideoOptions | undefined): Picture {
  const encoding = video?.encodingOptions;
  if (encoding?.case === 'preset') return presets[encoding.value] ?? hd;
  if (encoding?.case !== 'options') return hd;
  const { frameRate, layers } = encoding.value;
  const wanted = { width: 0, height: 0, framesPerSecond: frameRate > 0 ? frameRate : hd.framesPerSecond };
  for (const layer of layers) {
    wanted.width = Math.max(wanted.width, layer.width);
    wanted.height = Math.max(wanted.height, layer.height);
  }
  return {
    width: Math.min(wanted.width || hd.width, largest.width),
    height: Math.min(wanted.height || hd.height, largest.height),
    framesPerSecond: Math.min(wanted.framesPerSecond, largest.framesPerSecond),
  };
}

/** Chroma has half the resolution. */
const even = (length: number): number => Math.max(2, 2 * Math.round(length / 2));
