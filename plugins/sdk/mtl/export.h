#pragma once

// Everything is compiled with hidden visibility; MTL_API marks what libmtl_sdk.so shows to plugins and to the engine.
#define MTL_API __attribute__((visibility("default")))
