/** The engine on DJL and PyTorch: layers become PyTorch operations over named weights, on a CPU or an NVIDIA card. */
@org.jspecify.annotations.NullMarked
package io.tidemark.net.engine.djl;
