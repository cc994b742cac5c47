#include <stdio.h>
int main(void) {
    char line[100];
    fgets(line, sizeof line, stdin);
    printf("grüße→世界🎉 %s", line);
    return 0;
}
