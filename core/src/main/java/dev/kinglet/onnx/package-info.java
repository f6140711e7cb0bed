/**
 * ONNX files in and out: a small protobuf codec, the messages of {@code onnx.proto} that matter, a
 * reader that maps the file and folds away everything that is known before a picture comes, and a
 * writer whose files every ONNX runtime opens.
 */
package dev.kinglet.onnx;
