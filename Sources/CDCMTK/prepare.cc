#include "dcmtk.h"
#include "dcmtk/dcmdata/dcrledrg.h"
#include "dcmtk/dcmjpeg/djdecode.h"
#include "dcmtk/dcmjpls/djdecode.h"
#include "dcmtk/oflog/appender.h"
#include "dcmtk/oflog/spi/logevent.h"

#include <cstdio>
#include <mutex>

namespace cdcmtk {

thread_local unsigned warnings = 0;

namespace log = dcmtk::log4cplus;

class WarningCounter : public log::Appender {
public:
  ~WarningCounter() override { destructorImpl(); }
  void close() override { closed = true; }

protected:
  void append(const log::spi::InternalLoggingEvent &event) override {
    // Some encoders write the scan parameters of progressive JPEG; nothing is missing then.
    if (event.getMessage().find("Invalid SOS parameters") == OFString_npos) warnings++;
  }
};

void prepare() {
  static std::once_flag once;
  std::call_once(once, [] {
    OFLog::configure(OFLogger::WARN_LOG_LEVEL);
    log::Logger root = log::Logger::getRoot();
    root.removeAllAppenders();
    root.addAppender(log::SharedAppenderPtr(new WarningCounter));
    DcmRLEDecoderRegistration::registerCodecs();
    DJDecoderRegistration::registerCodecs();
    DJLSDecoderRegistration::registerCodecs();
  });
}

bool fail(const char *text, char *message, size_t capacity) {
  snprintf(message, capacity, "%s", text);
  return false;
}

}  // namespace cdcmtk
