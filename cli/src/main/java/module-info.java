/** The command line. */
module dev.kinglet.cli {
  requires dev.kinglet.core;
  requires dev.kinglet.formats;
  requires java.desktop;
  requires me.tongfei.progressbar;
  requires org.apache.commons.cli;
  requires tools.jackson.core;

  uses java.util.spi.ToolProvider;

  exports dev.kinglet.cli;
}
