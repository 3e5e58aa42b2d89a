// The structure of a running SHA-256 is public in the interface that OpenSSL 3 discourages alone.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
